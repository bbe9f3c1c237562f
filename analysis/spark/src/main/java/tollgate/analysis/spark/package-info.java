/**
 * The replays of a study on a cluster that is there already: Apache Spark's.
 *
 * <p>A task of a study is one partition of one job, and what comes back is its result as bytes; everything else, prices
 * and reports included, stays with the driver, which is the ordinary command line started by {@code spark-submit}. Spark
 * restarts what is lost. That is safe, since a task gives the same result wherever and however often it runs, and since what
 * is wrong with a trace is a result too: an exception would make Spark try four times and then give up the whole job.
 *
 * <p>Spark and Hadoop are the cluster's. Its jars come before ours, so of zstd-jni only what its older version has is
 * used; parquet-floor, which stands in for classes of Hadoop, and slf4j-nop are never sent there.
 *
 * <p>May not enter: anything that the default build needs.
 */
package tollgate.analysis.spark;
