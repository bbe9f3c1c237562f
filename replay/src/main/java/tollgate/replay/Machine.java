package tollgate.replay;

import java.io.Serializable;
import tollgate.replay.mmu.Geometry;

/**
 * The hardware of a lane: what its MMU looks like and which instructions it has. Prices are elsewhere.
 *
 * @param geometry of the TLBs of one CPU
 * @param hasPcid CR4.PCIDE: tagged TLB entries
 * @param hasInvpcid the INVPCID instruction
 * @param isIntel VMX: HOST_CR3 lives in the VMCS and is written by VMWRITE when CR3 changed; on AMD, VMRUN saves it itself
 */
public record Machine(Geometry geometry, boolean hasPcid, boolean hasInvpcid, boolean isIntel)
        implements Serializable {}
