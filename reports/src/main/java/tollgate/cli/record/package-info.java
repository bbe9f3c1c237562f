/**
 * What {@code tollgate record} knows of recorders and of the machine it runs on: which recorder is permitted and what it
 * may see, the run itself, and the sidecar that says afterwards whose time counts and what it was recorded under.
 *
 * <p>May not enter: prices, strategies, figures. Everything outside the process is reached through {@link
 * tollgate.cli.record.Machine}, so that a folder with a few files and scripts can stand in for a machine.
 */
package tollgate.cli.record;
