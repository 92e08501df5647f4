// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.ConfigReport;
import io.barnabas.broker.config.key.ConfigFile;
import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.broker.membership.StartupException;
import io.barnabas.broker.platform.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process: reads the configuration, starts the broker, and stops it on SIGTERM or SIGINT. Exit code 0 after a stop
 * that was asked for, 1 when the broker could not start or had to give up.
 */
public final class Barnabas {
    private static final String USAGE =
            "usage: kafka-server-start.sh [-daemon] SERVER_PROPERTIES [--override KEY=VALUE]...";

    private Barnabas() {}

    /** @param args the properties file, and overrides */
    public static void main(String[] args) throws InterruptedException {
        // logging takes as long to prepare as the rest of a start; what needs none goes on beside it
        Thread logging = Platform.thread("logging", Log::prepare);
        logging.start();
        BarnabasConfig config = configOrExit(args);
        WarmClasses.load();
        logging.join();
        report(new ConfigReport(config));
        BrokerProcess broker = new BrokerProcess(config);
        // the JVM answers SIGTERM with this hook; the process ends when it returns
        Runtime.getRuntime().addShutdownHook(Platform.thread("shutdown", () -> stop(broker)));
        try {
            broker.start();
        } catch (StartupException | ConfigurationException e) {
            exit(e.getMessage());
        } catch (RuntimeException e) {
            Log.LOG.error("The broker could not start", e);
            exit("The broker could not start: " + e);
        }
        broker.awaitStopped();
    }

    private static void report(ConfigReport report) {
        Log.LOG.info("{}", report.values());
        report.unknownKeys().forEach(key -> Log.LOG.warn("Unknown configuration key {}: nobody reads it", key));
        report.withoutEffect()
                .forEach(
                        (key, why) -> Log.LOG.warn("Configuration key {} is accepted but has no effect: {}", key, why));
    }

    private static BarnabasConfig configOrExit(String[] args) {
        try {
            if (args.length == 0 || args[0].startsWith("-")) {
                throw new ConfigurationException(USAGE);
            }
            return BarnabasConfig.of(ConfigFile.read(Path.of(args[0]), overrides(args)));
        } catch (ConfigurationException e) {
            exit(e.getMessage());
            throw e;
        }
    }

    private static List<String> overrides(String[] args) {
        List<String> overrides = new ArrayList<>();
        Iterator<String> rest = List.of(args).subList(1, args.length).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            if (!word.equals("--override") || !rest.hasNext()) {
                throw new ConfigurationException("Unexpected argument " + word + "; " + USAGE);
            }
            overrides.add(rest.next());
        }
        return overrides;
    }

    private static void stop(BrokerProcess broker) {
        try {
            broker.stop();
        } finally {
            // nothing is logged after this
            LogManager.shutdown();
        }
    }

    /** One line for the operator, on the console and in the log, and exit code 1. */
    private static void exit(String line) {
        System.err.println(line);
        Log.LOG.error("{}", line);
        System.exit(1);
    }

    /** Apart, so that the process's class is there before logging is. */
    private static final class Log {
        static final Logger LOG = LoggerFactory.getLogger(Barnabas.class);

        private Log() {}

        /** Reads the logging configuration, unless that was done. */
        static void prepare() {
            LOG.isInfoEnabled();
        }
    }
}
