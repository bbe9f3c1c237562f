/**
 * A paper's evaluation as one file: read, cut into tasks, run wherever an executor runs them, and priced here.
 *
 * <p>Only what changes counts is replayed: traces, strategies with their parameters, machines. Prices and model parameters
 * are swept over counts that are there.
 */
package tollgate.analysis.study;
