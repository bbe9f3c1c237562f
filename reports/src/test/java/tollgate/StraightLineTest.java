package tollgate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** ingest, replay, analysis, reports: a room uses what stands to its left; the command line alone sees everything. */
class StraightLineTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("tollgate");

    private static void nothingToTheRight(String room, String... right) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(right)
                .check(CLASSES);
    }

    @Test
    void eachRoomUsesNothingToItsRight() {
        nothingToTheRight(
                "tollgate.ingest..",
                "tollgate.replay..",
                "tollgate.analysis..",
                "tollgate.reports..",
                "tollgate.cli..");
        nothingToTheRight("tollgate.replay..", "tollgate.analysis..", "tollgate.reports..", "tollgate.cli..");
        nothingToTheRight("tollgate.analysis..", "tollgate.reports..", "tollgate.cli..");
        nothingToTheRight("tollgate.reports..", "tollgate.cli..");
    }

    @Test
    void reportsSimulateNothing() {
        nothingToTheRight("tollgate.reports..", "tollgate.ingest.format..", "tollgate.replay.mmu..");
    }

    @Test
    void strategiesAreTablesThatKnowNoEngine() {
        noClasses()
                .that()
                .resideInAPackage("tollgate.replay.strategy..")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("Lane")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("tollgate.replay.mmu..")
                .check(CLASSES);
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching("tollgate.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
