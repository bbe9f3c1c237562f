package tollgate.replay.exposure;

/** Who looks at what a hardware thread left behind or maps, seen from the tenant on whose behalf it ran. */
public enum Viewer {
    /** User code of that tenant, or of one that it trusts: what is its own is no secret to it. */
    OWNER,
    /** A guest of that tenant: its own are its memory and the structures of its VM, not what else its VMM has. */
    OWN_GUEST,
    /** User code of another tenant. */
    OTHER,
    /** A guest of another tenant. */
    OTHER_GUEST;

    private static final Viewer[] ALL = values();

    /** Whether nothing of what is the current tenant's own belongs to the viewer. */
    public boolean isOther() {
        return this == OTHER || this == OTHER_GUEST;
    }

    public boolean isGuest() {
        return this == OWN_GUEST || this == OTHER_GUEST;
    }

    static int count() {
        return ALL.length;
    }

    static Viewer of(int ordinal) {
        return ALL[ordinal];
    }
}
