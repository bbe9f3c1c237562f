/**
 * A paper's evaluation as one file: read, cut into tasks, run wherever an executor runs them, and priced here.
 *
 * <p>Only what changes counts is replayed: traces, strategies with their parameters, machines. Prices and model parameters
 * are swept over counts that are there.
 *
 * <p>May not enter: how a trace is replayed or priced, which the package above knows; drawing.
 */
package tollgate.analysis.study;
