/**
 * What happened: recordings of real systems, read exactly and said in one vocabulary.
 *
 * <p>The straight line through this room: a file is opened and peeled ({@link tollgate.ingest.Input}),
 * recognised by its content ({@link tollgate.ingest.Formats}), and read by one {@link
 * tollgate.ingest.Format} into {@link tollgate.ingest.Batch batches} of events in time order, with a
 * {@link tollgate.ingest.Coverage} that says what the recording can tell at all and a {@link
 * tollgate.ingest.Tally} of all that was seen, used or not.
 *
 * <p>May not enter: costs, strategies, page tables, percentages, charts.
 */
package tollgate.ingest;
