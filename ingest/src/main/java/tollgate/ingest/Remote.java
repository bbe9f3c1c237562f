package tollgate.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * Where recordings lie that are no files of this machine: a distributed file system, an object store. An implementation
 * of another module is found on the class path ({@code @AutoService(Remote.class)}); alone, this one reads files only.
 */
public interface Remote {
    /** {@code hdfs://host/a}, {@code s3a://bucket/a}, {@code file:/a}; one letter would be a drive. */
    Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):/.*");

    /** The {@code file:} of an address of this machine. */
    String FILE = "file";

    /** Whether a text is an address rather than a path; {@code file:} is one. */
    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** @throws BadInput if nothing on the class path reads such addresses */
    static Remote of(String address) {
        String scheme = scheme(address);
        return ServiceLoader.load(Remote.class, Remote.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.reads(scheme))
                .findFirst()
                .orElseThrow(() -> new BadInput(
                        address,
                        "expected a path, since only a study on a cluster reads '" + scheme
                                + ":' (tollgate study --spark); copy the recording here"));
    }

    /** What stands before the colon of an address. */
    static String scheme(String address) {
        return address.substring(0, address.indexOf(':'));
    }

    /** Whether it knows addresses that begin so. */
    boolean reads(String scheme);

    /** @throws BadInput if nothing is there, or not for us */
    InputStream open(String address) throws IOException;

    /** The address itself if a file is there; of a folder, its files by name; nothing if nothing is there. */
    List<String> find(String address) throws IOException;
}
