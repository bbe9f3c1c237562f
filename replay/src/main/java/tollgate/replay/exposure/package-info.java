/**
 * What is exposed meanwhile: how long secret memory was mapped, and who could look.
 *
 * <pre>
 *   Lane -> Watch (one hardware thread) -> Account (workload, rest)     time, by space and by who could look
 *                    |
 *                   Core (siblings, in the order of time)
 * </pre>
 *
 * <p>As a ledger counts operations and knows no price, an account adds up nanoseconds and knows no bytes: it keeps how
 * long each space was live, and what part of that somebody untrusted could still make use of. What the spaces map, and
 * how large that is, is multiplied afterwards.
 *
 * <p>May not enter: memory classes, bytes, percentages.
 */
package tollgate.replay.exposure;
