// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.coordination.controller.Controller;
import io.barnabas.replica.log.LogConfig;
import io.barnabas.replica.log.LogManager;
import java.util.function.BiConsumer;

/** What follows a change of a topic's settings; nothing before the rooms concerned are there, which then read them. */
final class TopicChanges implements BiConsumer<String, LogConfig> {
    private volatile LogManager logs;
    private volatile Controller controller;

    void tell(LogManager opened) {
        logs = opened;
    }

    void tell(Controller built) {
        controller = built;
    }

    @Override
    public void accept(String topic, LogConfig settings) {
        LogManager logsNow = logs;
        if (logsNow != null) {
            logsNow.updateTopicConfig(topic, settings);
        }
        Controller controllerNow = controller;
        if (controllerNow != null && settings.uncleanLeaderElectionEnable()) {
            controllerNow.uncleanElectionEnabled(topic);
        }
    }
}
