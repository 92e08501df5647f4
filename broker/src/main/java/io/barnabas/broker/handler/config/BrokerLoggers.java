// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.handler.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;

/** The broker's log levels as configuration (KIP-412). Levels changed here last until the process ends. */
final class BrokerLoggers {
    /** What the root logger is called here. */
    static final String ROOT = "root";

    /** Every logger in use or configured, with the level that holds for it. */
    Map<String, String> levels() {
        LoggerContext context = context();
        Map<String, String> levels = new TreeMap<>();
        levels.put(ROOT, context.getRootLogger().getLevel().name());
        context.getConfiguration()
                .getLoggers()
                .forEach((name, logger) ->
                        levels.put(shown(name), logger.getLevel().name()));
        context.getLoggers()
                .forEach(logger ->
                        levels.put(shown(logger.getName()), logger.getLevel().name()));
        return levels;
    }

    /**
     * Checks all, then makes all changes.
     *
     * @throws InvalidConfigurationException where a logger or level does not exist
     * @throws InvalidRequestException where an operation is not for loggers
     */
    void alter(List<AlterableConfig> changes, boolean validateOnly) {
        Map<String, String> known = levels();
        changes.forEach(change -> validate(change, known));
        if (!validateOnly) {
            changes.forEach(BrokerLoggers::apply);
            context().updateLoggers();
        }
    }

    private static void validate(AlterableConfig change, Map<String, String> known) {
        OpType operation = OpType.forId(change.configOperation());
        if (operation != OpType.SET && operation != OpType.DELETE) {
            throw new InvalidRequestException(
                    operation == null
                            ? "Unknown operation type " + change.configOperation()
                                    + " is not allowed for the BROKER_LOGGER resource"
                            : operation + " operation is not allowed for the BROKER_LOGGER resource");
        }
        String logger = change.name();
        if (!known.containsKey(logger)) {
            throw new InvalidConfigurationException("Logger " + logger + " does not exist!");
        }
        if (operation == OpType.DELETE && logger.equals(ROOT)) {
            throw new InvalidRequestException("Removing the log level of the " + ROOT + " logger is not allowed");
        }
        if (operation == OpType.SET && !LogLevelConfig.VALID_LOG_LEVELS.contains(change.value())) {
            throw new InvalidConfigurationException("Cannot set the log level of " + logger + " to " + change.value()
                    + " as it is not a supported log level. Valid log levels are "
                    + String.join(
                            ", ",
                            LogLevelConfig.VALID_LOG_LEVELS.stream().sorted().toList()));
        }
    }

    private static void apply(AlterableConfig change) {
        Configuration configuration = context().getConfiguration();
        String name = change.name().equals(ROOT) ? LogManager.ROOT_LOGGER_NAME : change.name();
        boolean set = change.configOperation() == OpType.SET.id();
        LoggerConfig logger = configuration.getLoggerConfig(name);
        if (logger.getName().equals(name)) {
            logger.setLevel(set ? Level.valueOf(change.value()) : null); // null: the parent's level
        } else if (set) {
            configuration.addLogger(name, new LoggerConfig(name, Level.valueOf(change.value()), true));
        }
    }

    private static String shown(String name) {
        return name.equals(LogManager.ROOT_LOGGER_NAME) ? ROOT : name;
    }

    private static LoggerContext context() {
        return (LoggerContext) LogManager.getContext(false);
    }
}
