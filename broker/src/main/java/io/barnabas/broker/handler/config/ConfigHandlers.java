// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import io.barnabas.broker.config.dynamic.DynamicBrokerConfig;
import io.barnabas.broker.handler.RequestHandler;
import io.barnabas.broker.handler.RequestServices;
import io.barnabas.coordination.cluster.ClusterImage;
import io.barnabas.coordination.store.ConfigStore;
import java.util.List;
import java.util.function.Supplier;

/** The handlers of this room. */
public final class ConfigHandlers {
    private ConfigHandlers() {}

    /**
     * @param brokerId this broker
     * @param config this broker's settings
     * @param store where configuration is kept
     * @param services what all handlers share
     */
    public static List<RequestHandler<?>> all(
            int brokerId, DynamicBrokerConfig config, ConfigStore store, RequestServices services) {
        Supplier<ClusterImage> image = services.images();
        BrokerLoggers loggers = new BrokerLoggers();
        ConfigWriter writer = new ConfigWriter(store);
        AlterPolicy policy = AlterPolicy.of(config.current());
        ConfigAlterer alterer = new ConfigAlterer(brokerId, config, policy, image, writer, services.events());
        return List.of(
                new DescribeConfigsHandler(brokerId, config, store, image, loggers),
                new AlterConfigsHandler(alterer),
                new IncrementalAlterConfigsHandler(brokerId, alterer, loggers));
    }
}
