package tollgate.cli;

import picocli.CommandLine;

/** The version that Maven wrote into the jar. */
final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "tollgate " + number(),
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch")
        };
    }

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0 (unpackaged)" : version;
    }
}
