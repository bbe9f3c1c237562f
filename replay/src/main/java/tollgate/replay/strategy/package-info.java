/**
 * One file a strategy, each readable against its section of the specification with a finger.
 *
 * <p>May not enter: prices, and engines: what a table cannot say becomes a named mechanism of {@link
 * tollgate.replay.Lane} that every strategy may use.
 */
package tollgate.replay.strategy;
