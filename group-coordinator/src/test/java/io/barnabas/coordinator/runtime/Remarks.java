// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** What a class warns of while this is open, so that a test may say what is worth a warning. */
final class Remarks extends AbstractAppender implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    Remarks(Class<?> of) {
        super("remarks", null, null, false, Property.EMPTY_ARRAY);
        logger = (Logger) LogManager.getLogger(of);
        before = logger.getLevel();
        start();
        logger.addAppender(this); // may give the logger a configuration of its own, with the level of its parent
        Configurator.setLevel(logger, Level.WARN);
    }

    List<String> warnings() {
        return warnings;
    }

    @Override
    public void append(LogEvent event) {
        if (event.getLevel().isMoreSpecificThan(Level.WARN)) {
            warnings.add(event.getMessage().getFormattedMessage());
        }
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        Configurator.setLevel(logger, before);
        stop();
    }
}
