// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.ShutdownKeys;
import io.barnabas.broker.peer.ControllerChannel;
import io.barnabas.coordination.event.EventSink;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.ControlledShutdownRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller to move this broker's leaders before it stops, as often as
 * {@code controlled.shutdown.max.retries} allows. Runs on the thread that stops the process, which may wait.
 */
final class ControlledShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(ControlledShutdown.class);

    private final ShutdownKeys config;
    private final ControllerChannel controller;
    private final int brokerId;
    private final LongSupplier brokerEpoch;
    private final short version;
    private final Duration timeout;
    private final EventSink events;

    /**
     * @param version of the request, as {@code inter.broker.protocol.version} decides
     * @param timeout {@code controller.socket.timeout.ms}
     * @param events where it is told
     */
    ControlledShutdown(
            ShutdownKeys config,
            ControllerChannel controller,
            int brokerId,
            LongSupplier brokerEpoch,
            short version,
            Duration timeout,
            EventSink events) {
        this.config = config;
        this.controller = controller;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.version = version;
        this.timeout = timeout;
        this.events = events;
    }

    /** Whether all leaders were moved. */
    boolean run() {
        if (!config.controlled()) {
            return true;
        }
        for (int attempt = 0; attempt <= config.maxRetries(); attempt++) {
            String hindrance = attempt();
            if (hindrance == null) {
                events.record(new ProcessEvents.LeadersHandedOver(
                        brokerId, "the controller moved all leaders off this broker"));
                return true;
            }
            LOG.info("Controlled shutdown, attempt {}: {}", attempt + 1, hindrance);
            if (attempt < config.maxRetries() && !pause()) {
                return false;
            }
        }
        LOG.warn("Stopping without having moved all leaders, after {} attempts", config.maxRetries() + 1);
        return false;
    }

    /** What hindered it, null if nothing did. */
    private String attempt() {
        ControlledShutdownRequestData data =
                new ControlledShutdownRequestData().setBrokerId(brokerId).setBrokerEpoch(brokerEpoch.getAsLong());
        try {
            ControlledShutdownResponse response = (ControlledShutdownResponse) controller
                    .send(new ControlledShutdownRequest.Builder(data, version).build(version), timeout)
                    .get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            if (response.error() != Errors.NONE) {
                return "the controller answered " + response.error();
            }
            int remaining = response.data().remainingPartitions().size();
            return remaining == 0 ? null : remaining + " partitions are still led here";
        } catch (ExecutionException e) {
            return "no answer from the controller: " + e.getCause().getMessage();
        } catch (java.util.concurrent.TimeoutException e) {
            return "no answer from the controller within " + timeout.toMillis() + " ms";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(config.retryBackoffMs());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
