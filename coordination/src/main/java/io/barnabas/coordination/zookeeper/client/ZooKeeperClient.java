// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import io.barnabas.coordination.event.EventSink;
import io.barnabas.coordination.store.hint.ChangeHints;
import io.barnabas.coordination.store.session.CoordinationSession;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;

/**
 * What the roles of the store work with.
 *
 * @param session the one session
 * @param nodes operations on single nodes
 * @param writes transactions
 * @param hints changes seen by others
 */
public record ZooKeeperClient(ZooKeeperSession session, Nodes nodes, GuardedWrites writes, ChangeHints hints) {
    /**
     * Begins to connect and returns at once: wait for {@link CoordinationSession#connected()}. What is asked before that waits
     * for it too.
     *
     * @param scheduler runs timers, listeners and the little file there is; not shut down here
     * @param nanoClock monotonic time in nanoseconds
     * @param threads makes the threads of the framework, and short-lived ones for starting and closing
     * @param events where decisions are told
     */
    public static ZooKeeperClient start(
            ZooKeeperConfig config,
            ScheduledExecutorService scheduler,
            LongSupplier nanoClock,
            ThreadFactory threads,
            EventSink events) {
        CuratorFramework framework = CuratorClients.create(config.connect(), config, threads);
        SerialExecutor callbacks = new SerialExecutor(scheduler);
        ZooKeeperRequests requests = new ZooKeeperRequests(config.limits(), scheduler, nanoClock);
        Nodes nodes = new Nodes(framework, requests, new NodeAcls(config.secureAcls()));
        ZooKeeperSession session =
                new ZooKeeperSession(config, framework, requests, nodes, callbacks, scheduler, threads, events);
        session.start();
        return new ZooKeeperClient(
                session,
                nodes,
                new GuardedWrites(nodes),
                new ZooKeeperChangeHints(framework, session.connected(), callbacks));
    }
}
