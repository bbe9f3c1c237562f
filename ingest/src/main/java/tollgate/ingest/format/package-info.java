/**
 * One file a format: each reads what one tool writes, and can be checked against that tool's output
 * with a finger.
 *
 * <p>May not enter: anything that two formats would have to agree on beyond {@link
 * tollgate.ingest.format.Lines}, {@link tollgate.ingest.format.Text} and the kernel's own texts ({@link
 * tollgate.ingest.format.TracepointText}); such things belong one level up.
 */
package tollgate.ingest.format;
