/**
 * What it means: ledgers of counts become cycles, percentages and intervals.
 *
 * <p>Bill = ledger x prices; overhead = difference of two bills on the same draws. Every figure that
 * leaves this room has its interval and its unit, or says why it cannot be told.
 *
 * <p>May not enter: drawing, layout, file formats of recordings.
 */
package tollgate.analysis;
