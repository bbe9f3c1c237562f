package tollgate.ingest;

/** The kinds of Linux namespaces, in the order of perf's PERF_RECORD_NAMESPACES (include/uapi/linux/perf_event.h). */
public enum NamespaceType {
    NET,
    UTS,
    IPC,
    PID,
    USER,
    MNT,
    CGROUP
}
