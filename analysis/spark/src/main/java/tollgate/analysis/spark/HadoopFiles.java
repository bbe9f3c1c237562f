package tollgate.analysis.spark;

import com.google.auto.service.AutoService;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import tollgate.ingest.BadInput;
import tollgate.ingest.Remote;

/**
 * Recordings on any file system that the cluster's Hadoop knows: {@code hdfs:}, {@code s3a:} where hadoop-aws is among its
 * jars, and whatever else its configuration names. Settings are the cluster's, and Spark's {@code spark.hadoop.*}.
 */
@AutoService(Remote.class)
public final class HadoopFiles implements Remote {
    private final Configuration configuration;

    public HadoopFiles() {
        SparkConf conf =
                SparkEnv.get() == null ? new SparkConf() : SparkEnv.get().conf();
        configuration = SparkHadoopUtil.get().newConfiguration(conf);
    }

    @Override
    public boolean reads(String scheme) {
        try {
            FileSystem.getFileSystemClass(scheme, configuration);
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public InputStream open(String address) throws IOException {
        Path path = path(address);
        try {
            return path.getFileSystem(configuration).open(path);
        } catch (FileNotFoundException e) {
            throw new BadInput(address, "no such file; check the address");
        }
    }

    @Override
    public List<String> find(String address) throws IOException {
        Path path = path(address);
        FileSystem files = path.getFileSystem(configuration);
        try {
            if (files.getFileStatus(path).isFile()) {
                return List.of(address);
            }
            return Arrays.stream(files.listStatus(path))
                    .filter(FileStatus::isFile)
                    .map(each -> each.getPath().toString())
                    .sorted()
                    .toList();
        } catch (FileNotFoundException nothing) {
            return List.of();
        }
    }

    private static Path path(String address) {
        try {
            return new Path(address);
        } catch (IllegalArgumentException e) {
            throw new BadInput(address, "expected an address such as hdfs://host/folder/file (" + e.getMessage() + ")");
        }
    }

    /** Bytes at a location of either kind, or 0 if nobody can tell: large ones begin first. */
    long size(String location) {
        try {
            Path path = path(location);
            return path.getFileSystem(configuration).getFileStatus(path).getLen();
        } catch (IOException | BadInput e) {
            return 0;
        }
    }
}
