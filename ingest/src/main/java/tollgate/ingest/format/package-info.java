/**
 * A format has one entry, a class that implements {@link tollgate.ingest.Format}; the larger ones keep their parts in
 * files that begin with its name (PerfData, TraceDat, Strace, Toll, Parquet). Each reads what one tool writes, and can
 * be checked against that tool's output with a finger.
 *
 * <p>What several of them share, and nothing else: {@link tollgate.ingest.format.Lines} and {@link
 * tollgate.ingest.format.Text} for text; {@link tollgate.ingest.format.TracepointText} for the kernel's own texts;
 * {@link tollgate.ingest.format.TaskLine} for ftrace and trace-cmd report; the files that begin with Binary for event
 * formats inside perf.data and trace.dat.
 *
 * <p>Read in pieces at the same time ({@link tollgate.ingest.format.Piecewise}) are perf script, ftrace and trace-cmd
 * report, whose lines mostly stand for themselves, and .toll, whose frames always do. Not in pieces: strace and perf trace,
 * where a line resumes a call begun any number of lines before; CSV, where a line feed may stand inside a cell, so that no
 * border is known without all before it; perf.data, whose records are sorted before they are decoded; trace.dat, whose CPUs
 * are merged event by event; Parquet, whose library keeps its own state. These are decoded on a thread of their own ({@link
 * tollgate.ingest.ReadAhead}), as all are.
 *
 * <p>May not enter: anything else that two formats would have to agree on; such things belong one level up.
 */
package tollgate.ingest.format;
