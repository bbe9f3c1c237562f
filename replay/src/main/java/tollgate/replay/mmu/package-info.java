/**
 * The simulated memory-management unit of one CPU: TLBs, paging-structure caches, page walks, and the
 * instructions that drop entries from them. It counts; it knows no price and no strategy.
 */
package tollgate.replay.mmu;
