// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import io.barnabas.coordination.cluster.BrokerIncarnation;
import io.barnabas.coordination.controller.Controller;
import io.barnabas.coordination.event.EventLine;
import io.barnabas.coordination.store.ControllerElection;
import io.barnabas.coordination.store.error.StoreUnavailableException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A verdict becomes one order per term to the active controller, or the end of a dead controller's term. */
class DeathReactionTest {
    private static final BrokerIncarnation DEAD = new BrokerIncarnation(2, 12);

    private final List<String> calls = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Queue<CompletableFuture<Boolean>> endings = new ArrayDeque<>();
    private boolean active;
    private int term = 4;
    private OptionalInt known = OptionalInt.of(1);

    private final Controller controller = fake(Controller.class, (method, args) -> switch (method) {
        case "isActive" -> active;
        case "epoch" -> term;
        default -> {
            calls.add(method + " " + args[0]);
            yield null;
        }
    });
    private final ControllerElection election = fake(ControllerElection.class, (method, args) -> {
        calls.add(method + " " + args[0]);
        endings.add(new CompletableFuture<>());
        return endings.peek();
    });
    private final DeathReaction reaction = new DeathReaction(
            controller, () -> known, election, event -> told.add(EventLine.name(event)), Runnable::run);

    private interface Behaviour {
        Object call(String method, Object[] args);
    }

    private static <T> T fake(Class<T> role, Behaviour behaviour) {
        return role.cast(Proxy.newProxyInstance(
                role.getClassLoader(),
                new Class<?>[] {role},
                (proxy, method, args) -> behaviour.call(method.getName(), args)));
    }

    @Test
    void tellsTheActiveControllerOnceInEachTerm() {
        active = true;
        reaction.pursue(DEAD);
        reaction.pursue(DEAD);
        term = 5;
        reaction.pursue(DEAD);

        assertThat(calls).containsExactly("brokerSuspected 2@12", "brokerSuspected 2@12");
        assertThat(told).containsOnly("dead-broker-handed-over");
    }

    @Test
    void leavesItToTheControllerElsewhere() {
        reaction.pursue(DEAD);
        assertThat(calls).isEmpty();
    }

    @Test
    void endsADeadControllersTermAndTellsItsOwnControllerOnceThatIsElected() {
        known = OptionalInt.of(2);
        reaction.pursue(DEAD);
        reaction.pursue(DEAD);
        assertThat(calls).containsExactly("endTermOf 2@12");

        endings.remove().complete(true);
        active = true;
        known = OptionalInt.of(1);
        reaction.pursue(DEAD);

        assertThat(calls).containsExactly("endTermOf 2@12", "brokerSuspected 2@12");
        assertThat(told).containsExactly("controller-term-ended", "dead-broker-handed-over");
    }

    @Test
    void endsNoTermTwiceSoThatALivingControllerIsNotDeposedForEver() {
        known = OptionalInt.of(2);
        reaction.pursue(DEAD);
        endings.remove().complete(true);
        reaction.pursue(DEAD);
        assertThat(calls).containsExactly("endTermOf 2@12");

        reaction.withdraw(DEAD);
        reaction.pursue(DEAD);
        assertThat(calls).containsExactly("endTermOf 2@12", "endTermOf 2@12");
    }

    @Test
    void triesAgainWhereTheStoreDidNotAnswer() {
        known = OptionalInt.of(2);
        reaction.pursue(DEAD);
        endings.remove().completeExceptionally(new StoreUnavailableException("away"));
        reaction.pursue(DEAD);

        assertThat(calls).containsExactly("endTermOf 2@12", "endTermOf 2@12");
        assertThat(told).isEmpty();
    }

    @Test
    void takesBackOnlyWhatItTold() {
        reaction.withdraw(DEAD);
        assertThat(calls).isEmpty();

        active = true;
        reaction.pursue(DEAD);
        reaction.withdraw(DEAD);
        assertThat(calls).containsExactly("brokerSuspected 2@12", "brokerAnswered 2@12");
    }

    @Test
    void forgetsWhatIsRegisteredNoLonger() {
        active = true;
        reaction.pursue(DEAD);
        reaction.retain(Set.of());
        reaction.withdraw(DEAD);
        assertThat(calls).containsExactly("brokerSuspected 2@12");
    }
}
