// SPDX-License-Identifier: Apache-2.0
package io.barnabas;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.barnabas.coordination.event.EventLog;
import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.ControllerEpoch;
import io.barnabas.coordinator.runtime.CoordinatorLog;
import io.barnabas.coordinator.runtime.TimerQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;

/** The floors of the house, and packages without cycles. */
@AnalyzeClasses(packages = "io.barnabas", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
    @ArchTest
    static final ArchRule floorsUseOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("coordination")
            .definedBy("io.barnabas.coordination..")
            .layer("replica")
            .definedBy("io.barnabas.replica..")
            .layer("coordinator")
            .definedBy("io.barnabas.coordinator..")
            .layer("broker")
            .definedBy("io.barnabas.broker..")
            .whereLayer("broker")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("coordinator")
            .mayOnlyBeAccessedByLayers("broker")
            .whereLayer("replica")
            .mayOnlyBeAccessedByLayers("coordinator", "broker")
            .whereLayer("coordination")
            .mayOnlyBeAccessedByLayers("replica", "coordinator", "broker");

    @ArchTest
    static final ArchRule packagesFormNoCycle =
            slices().matching("io.barnabas.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule thePictureOfTheClusterKnowsNoController = noClasses()
            .that()
            .resideInAPackage("io.barnabas.coordination.picture..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.barnabas.coordination.controller..")
            .orShould()
            .dependOnClassesThat(belongToAnyOf(ControllerEpoch.class));

    @ArchTest
    static final ArchRule onlyOnePackageKnowsZooKeeper = noClasses()
            .that()
            .resideOutsideOfPackage("io.barnabas.coordination.zookeeper..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.zookeeper..", "org.apache.curator..");

    @ArchTest
    static final ArchRule onlyTheBrokerSpeaksKafkasRequests = noClasses()
            .that()
            .resideOutsideOfPackage("io.barnabas.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.common.message..", "org.apache.kafka.common.requests..");

    @ArchTest
    static final ArchRule onlyTheBrokerKnowsTheNetwork = noClasses()
            .that()
            .resideOutsideOfPackage("io.barnabas.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule decidersOnlyDecide = noClasses()
            .that()
            .haveSimpleNameEndingWith("Decider")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.slf4j..",
                            "java.io..",
                            "java.net..",
                            "java.nio..",
                            "java.time..",
                            "java.util.concurrent..")
                    .or(belongToAnyOf(
                            Thread.class, TimerQueue.class, CoordinatorLog.class, EventSink.class, EventLog.class)))
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Where a thread may wait: it starts or stops the process, loads logs, or is a cleaner's own. */
    private static final Set<String> MAY_WAIT = Set.of(
            "Barnabas",
            "BrokerProcess",
            "BrokerThreads",
            "CleanerThreads",
            "CleaningLedger",
            "ControlledShutdown",
            "LogDirLoader",
            "LogShutdown",
            "LoudScheduler",
            "NetworkServer",
            "SessionPreparation",
            "StartupWaits");

    private static final Set<String> WAITING =
            Set.of("get", "sleep", "wait", "await", "awaitTermination", "awaitUninterruptibly", "acquire", "take");

    /** {@code join} of a future that is done is how results are read; it is not counted here. */
    @ArchTest
    static final ArchRule nobodyWaitsOutsideStartAndStop = noClasses()
            .that(describe(
                    "are not there to wait",
                    type -> !MAY_WAIT.contains(topLevel(type).getSimpleName())))
            .should()
            .callMethodWhere(describe("waits", HouseTest::waits));

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(HouseTest::topLevel).orElse(type);
    }

    private static boolean waits(JavaMethodCall call) {
        JavaClass owner = call.getTargetOwner();
        return WAITING.contains(call.getName())
                && (owner.isAssignableTo(Future.class)
                        || owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(CountDownLatch.class)
                        || owner.isAssignableTo(Condition.class)
                        || owner.isAssignableTo(ExecutorService.class)
                        || owner.isAssignableTo(Semaphore.class)
                        || owner.isAssignableTo(BlockingQueue.class)
                        || owner.isAssignableTo(io.netty.util.concurrent.Future.class)
                        || call.getName().equals("wait"));
    }
}
