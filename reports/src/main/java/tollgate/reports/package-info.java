/**
 * How to see it: a comparison becomes a folder with the report, figures and tables, or a summary on the terminal.
 *
 * <p>The same comparison gives the same bytes: no clock, no locale, no font of the machine enters.
 *
 * <p>May not enter: simulation, and any number that is not in the comparison.
 */
package tollgate.reports;
