// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

import io.barnabas.examples.ClusterOptions;
import io.barnabas.examples.ExampleException;
import io.barnabas.examples.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.errors.TopologyException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The application: creates its topics, lets the tills ring, runs the topology exactly once, and shows the result. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description = {
            "Live sales per store with Kafka Streams, processing.guarantee=exactly_once_v2.",
            "Kill brokers meanwhile (bin/cluster.sh kill 2), then let 'examples.sh check' count."
        })
public final class StreamsCommand implements Callable<Integer> {
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--rate", defaultValue = "50", description = "sales per second, 0: none; default ${DEFAULT-VALUE}")
    private int rate;

    @Option(names = "--stores", defaultValue = "10", description = "default ${DEFAULT-VALUE}")
    private int stores;

    @Option(names = "--partitions", defaultValue = "4", description = "of created topics; default ${DEFAULT-VALUE}")
    private int partitions;

    @Option(names = "--threads", defaultValue = "2", description = "of Kafka Streams; default ${DEFAULT-VALUE}")
    private int threads;

    @Option(names = "--window-seconds", defaultValue = "60", description = "default ${DEFAULT-VALUE}")
    private int windowSeconds;

    @Option(names = "--seconds", defaultValue = "0", description = "stop after so long; default: until Ctrl-C")
    private long seconds;

    @Option(names = "--every", defaultValue = "1", description = "seconds between tables; default ${DEFAULT-VALUE}")
    private int every;

    @Option(
            names = "--state-dir",
            description = "where the state stores are kept; each instance on a machine needs one of its own")
    private Path stateDir = Path.of(System.getProperty("examples.state.dir", "kafka-streams"));

    private volatile String trouble = "";

    @Override
    public Integer call() throws Exception {
        ExampleException.unless(rate >= 0, "--rate is the number of sales per second, or 0");
        ExampleException.unless(stores > 0 && stores < 100, "--stores is a number from 1 to 99");
        ExampleException.unless(
                partitions > 0 && threads > 0 && windowSeconds > 0 && every > 0 && seconds >= 0,
                "--partitions, --threads, --window-seconds and --every are 1 or more");
        cluster.ensureTopics(Topics.all(partitions));
        if (rate > 0) {
            StoreTable.write(cluster.plain(Map.of()), StoreTable.stores(stores));
        }
        Duration window = Duration.ofSeconds(windowSeconds);
        try (Running running = Running.forSeconds(seconds);
                KafkaStreams streams = new KafkaStreams(SalesTopology.build(window), properties());
                SalesBoard board = new SalesBoard(cluster.plain(Map.of()), window);
                Tills tills = new Tills(cluster.plain(Map.of()), stores, rate, new SplittableRandom())) {
            streams.setUncaughtExceptionHandler(this::onFailure);
            streams.start();
            tills.start();
            show(running, streams, board, tills);
            if (streams.state() == KafkaStreams.State.ERROR) {
                throw new ExampleException("the application gave up: " + trouble);
            }
        }
        return 0;
    }

    private void show(Running running, KafkaStreams streams, SalesBoard board, Tills tills) {
        long shown = 0;
        while (running.on() && streams.state() != KafkaStreams.State.ERROR) {
            board.poll(Duration.ofMillis(200));
            if (System.nanoTime() - shown >= TimeUnit.SECONDS.toNanos(every) || shown == 0) {
                shown = System.nanoTime();
                String screen = Boolean.getBoolean("examples.terminal") ? CLEAR_SCREEN : "";
                System.out.println(
                        screen + head(streams, board, tills) + "\n\n" + board.table(System.currentTimeMillis()));
            }
        }
    }

    private String head(KafkaStreams streams, SalesBoard board, Tills tills) {
        return "%s  application %s, %,d sales counted; the tills have rung %,d times%s%s"
                .formatted(
                        CLOCK.format(LocalTime.now(ZoneId.systemDefault())),
                        streams.state(),
                        board.total().sales(),
                        tills.acknowledged(),
                        tills.failed() == 0 ? "" : " (" + tills.failed() + " failed)",
                        trouble.isEmpty() ? "" : "\n          last trouble: " + trouble);
    }

    private StreamThreadExceptionResponse onFailure(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause != cause.getCause()) {
            cause = cause.getCause();
        }
        trouble = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return failure instanceof TopologyException || cause instanceof TopologyException
                ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
                : StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.putAll(cluster.settings(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "store-sales",
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                threads,
                StreamsConfig.STATE_DIR_CONFIG,
                stateDir.toString(),
                // a line somebody typed that is no sale must not stop the shops
                StreamsConfig.DEFAULT_DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndContinueExceptionHandler.class,
                // an instance that was killed is missed after six seconds
                StreamsConfig.mainConsumerPrefix("session.timeout.ms"),
                6_000,
                StreamsConfig.mainConsumerPrefix("heartbeat.interval.ms"),
                1_500)));
        return properties;
    }
}
