/**
 * How to see it, as pictures: one file per chart, found by its annotation.
 *
 * <p>Lengths are points (1/72 inch) throughout. A chart is laid out for the width it is asked for, so
 * that its type is never scaled: 84 mm for a column of a paper, 170 mm for a page of the report.
 *
 * <p>May not enter: files, recordings, any computing of results.
 */
package tollgate.reports.chart;
