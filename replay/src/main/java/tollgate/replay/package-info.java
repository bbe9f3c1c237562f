/**
 * What it would cost: strategies replayed on a simulated MMU, counted first and priced later.
 *
 * <pre>
 *   batch -> Timeline (contexts per CPU) -> page stream -> Steps -> lanes [ strategy -> Mmu -> Ledger ]
 * </pre>
 *
 * <p>The timeline turns events into {@link tollgate.replay.Steps}: page accesses and crossings, one
 * stream that every lane reads. A lane is one strategy, compiled to tables, run by one engine on its own
 * simulated machine. What comes out is counts by cause; no class here knows a price of anything.
 *
 * <p>May not enter: file formats, percentages, intervals, drawing.
 */
package tollgate.replay;
