// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.assembly;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.dynamic.ConfigChangeFollower;
import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.config.dynamic.EntityConfigListener;
import io.barnabas.broker.config.dynamic.TopicConfigRepository;
import io.barnabas.broker.config.dynamic.TopicDefaultsSubscriber;
import io.barnabas.broker.membership.BrokerPresence;
import io.barnabas.broker.membership.ClusterMembership;
import io.barnabas.broker.membership.FinalizedFeatures;
import io.barnabas.broker.membership.RoleCertainty;
import io.barnabas.broker.membership.SessionLease;
import io.barnabas.broker.membership.StartupWaits;
import io.barnabas.broker.metadata.ClusterImageHolder;
import io.barnabas.broker.platform.Platform;
import io.barnabas.coordination.controller.KnownController;
import io.barnabas.coordination.store.CoordinationStore;

/**
 * Floor 1: what this broker knows of its cluster, and its own place in it. The controller is in
 * {@link ControllerAssembly}, as it sends its orders over the floors above.
 *
 * @param brokerId this broker
 * @param clusterId its cluster
 * @param store what is kept in ZooKeeper
 * @param presence this broker's registration
 * @param dynamicConfig the settings as of now
 * @param topicConfigs topics' overrides
 * @param configChanges follows changes of both
 * @param images the cluster as the controller told of it
 * @param knownController who the controller is
 * @param features the finalized features
 * @param lease how long leadership may be relied on without an answer from the store
 * @param certainty whether this broker can know that it still has its roles
 */
public record CoordinationAssembly(
        int brokerId,
        String clusterId,
        CoordinationStore store,
        BrokerPresence presence,
        DynamicBrokerConfig dynamicConfig,
        TopicConfigRepository topicConfigs,
        ConfigChangeFollower configChanges,
        ClusterImageHolder images,
        KnownController knownController,
        FinalizedFeatures features,
        SessionLease lease,
        RoleCertainty certainty) {

    /**
     * Reads the dynamic configuration, waiting for the store; only the thread that starts the process may call this.
     *
     * @param config what {@code server.properties} says
     * @param stop ends the process: this broker has no place in the cluster any more
     */
    public static CoordinationAssembly of(
            Platform platform,
            BarnabasConfig config,
            ClusterMembership member,
            CoordinationStore store,
            Runnable stop) {
        DynamicBrokerConfig dynamic = new DynamicBrokerConfig(config.values().originalsStrings(), platform.random());
        TopicConfigRepository topics = new TopicConfigRepository(store.configs(), dynamic);
        ConfigChangeFollower changes = new ConfigChangeFollower(
                member.brokerId(),
                store.configs(),
                store.hints(),
                dynamic,
                topics,
                EntityConfigListener.NONE,
                platform.threads().timer());
        StartupWaits.<Void>awaitInAnySession(changes::load, "reading the dynamic configuration");
        dynamic.subscribe(new TopicDefaultsSubscriber(topics));
        store.session().addListener(changes);
        BrokerPresence presence =
                new BrokerPresence(store, member.clusterId(), platform.threads().timer(), platform.events(), stop);
        SessionLease lease = new SessionLease(store.session(), platform.ticker());
        RoleCertainty certainty = new RoleCertainty(
                        store.session(),
                        lease,
                        dynamic.current().own().sessionLease(),
                        presence::brokerEpoch,
                        platform.ticker())
                .start(platform.threads().timer());
        return new CoordinationAssembly(
                member.brokerId(),
                member.clusterId(),
                store,
                presence,
                dynamic,
                topics,
                changes,
                new ClusterImageHolder(),
                new KnownController(),
                new FinalizedFeatures(store.features(), store.hints()),
                lease,
                certainty);
    }

    /** The settings now. */
    public BarnabasConfig config() {
        return dynamicConfig.current();
    }

    /**
     * How many partitions an internal topic has.
     *
     * @param beforeItExists the number it will be created with
     */
    int partitionsOf(String topic, int beforeItExists) {
        return images.image()
                .topic(topic)
                .map(known -> known.partitions().size())
                .orElse(beforeItExists);
    }
}
