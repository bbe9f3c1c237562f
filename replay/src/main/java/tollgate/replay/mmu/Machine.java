package tollgate.replay.mmu;

/** The verbs of a simulated MMU, so that a plain second one can be driven like {@link Mmu}. Their meaning stands there. */
interface Machine {
    int access(long page, int size, int tag, boolean isGlobal, int type);

    int accessNested(long page, int size, int tag, boolean isGlobal, int type, long frame, int frameSize);

    void flushTag(int tag);

    void flushNonGlobal();

    void flushAll();

    void invlpg(long page, int tag);

    void invpcidAddress(long page, int tag);

    void invpcidContext(int tag);

    void invpcidAll();

    void invpcidAllNonGlobal();

    void invvpid(int vpid);

    void invept(int vpid);
}
