// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config.key;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads {@code server.properties} and what the command line puts over it. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * The properties of a file, with overrides on top.
     *
     * @param overrides each {@code key=value}, as given to {@code --override}
     * @throws ConfigurationException where the file cannot be read or an override has no {@code =}
     */
    public static Map<String, String> read(Path file, List<String> overrides) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(
                    "There is no configuration file " + file.toAbsolutePath() + "; name one, such as"
                            + " conf/server.properties",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    "The configuration file " + file.toAbsolutePath() + " cannot be read: " + e.getMessage(), e);
        }
        Map<String, String> result = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> result.put(name, properties.getProperty(name).strip()));
        overrides.forEach(override -> put(result, override));
        return result;
    }

    private static void put(Map<String, String> properties, String override) {
        int equals = override.indexOf('=');
        if (equals <= 0) {
            throw new ConfigurationException("--override " + override + " is not key=value");
        }
        properties.put(
                override.substring(0, equals).strip(),
                override.substring(equals + 1).strip());
    }
}
