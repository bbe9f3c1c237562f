package tollgate.replay.mmu;

/** What {@link ReferenceModel} asks of an MMU, so that others than {@link Mmu} can be driven by it. */
interface Translator {
    int access(long page, int size, int tag, boolean isGlobal, int type);

    void flushTag(int tag);

    void flushNonGlobal();

    void flushAll();
}
