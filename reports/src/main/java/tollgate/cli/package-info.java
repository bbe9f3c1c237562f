/**
 * The command line: the composition root, and the only room that may see everything.
 *
 * <p>May not enter: anything that computes. A command reads its options, calls one thing of each room to the
 * left, and prints.
 */
package tollgate.cli;
