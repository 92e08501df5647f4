// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.config;

import io.barnabas.broker.config.key.ConfigurationException;
import io.barnabas.coordination.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/** Reads the text forms of listeners; messages are Kafka's. */
final class ListenerParser {
    private static final Pattern ENDPOINT = Pattern.compile("(.*)://\\[?([0-9a-zA-Z\\-%._:]*)]?:(-?[0-9]+)");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private ListenerParser() {}

    /** {@code NAME:PROTOCOL,...}; names in upper case. */
    static Map<String, SecurityProtocol> protocols(String text) {
        Map<String, SecurityProtocol> result = new LinkedHashMap<>();
        for (String entry : items(text)) {
            int colon = entry.lastIndexOf(':');
            if (colon < 0) {
                throw new ConfigurationException("Invalid value " + text + " for listener.security.protocol.map: '"
                        + entry + "' is not NAME:PROTOCOL");
            }
            String name = upper(entry.substring(0, colon));
            result.put(name, protocol(entry.substring(colon + 1).trim(), "listener.security.protocol.map"));
        }
        return result;
    }

    /**
     * A list of {@code NAME://host:port}, names unique.
     *
     * @param bound whether ports must be unique too; one IPv4 and one IPv6 address may share one
     */
    static List<Endpoint> endpoints(String text, Map<String, SecurityProtocol> protocols, boolean bound) {
        List<Endpoint> result = new ArrayList<>();
        for (String item : items(text)) {
            result.add(endpoint(item, text, protocols));
        }
        if (result.stream().map(Endpoint::listener).distinct().count() != result.size()) {
            throw new ConfigurationException("Each listener must have a different name, listeners: " + text);
        }
        if (bound) {
            requireDistinctPorts(result, text);
        }
        return result;
    }

    private static Endpoint endpoint(String item, String text, Map<String, SecurityProtocol> protocols) {
        Matcher matcher = ENDPOINT.matcher(item);
        String fault = null;
        int port = -1;
        if (!matcher.matches()) {
            fault = "Unable to parse " + item + " to a broker endpoint";
        } else if (!protocols.containsKey(upper(matcher.group(1)))) {
            fault = "No security protocol defined for listener " + upper(matcher.group(1));
        } else {
            port = parsePort(matcher.group(3));
            fault = port < 0 || port > 65_535 ? "port out of range in " + item : null;
        }
        if (fault != null) {
            throw new ConfigurationException("Error creating broker listeners from '" + text + "': " + fault);
        }
        String name = upper(matcher.group(1));
        return new Endpoint(name, protocols.get(name), matcher.group(2), port);
    }

    private static int parsePort(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static void requireDistinctPorts(List<Endpoint> endpoints, String text) {
        Map<Integer, List<Endpoint>> byPort = endpoints.stream()
                .filter(endpoint -> endpoint.port() != 0)
                .collect(Collectors.groupingBy(Endpoint::port, TreeMap::new, Collectors.toList()));
        byPort.forEach((port, sharing) -> {
            if (sharing.size() > 1 && !oneOfEachFamily(sharing)) {
                throw new ConfigurationException("Each listener must have a different port unless exactly one listener"
                        + " has an IPv4 address and the other IPv6 address, listeners: " + text + ", port: " + port);
            }
        });
    }

    private static boolean oneOfEachFamily(List<Endpoint> sharing) {
        long v4 = sharing.stream().filter(e -> IPV4.matcher(e.host()).matches()).count();
        long v6 = sharing.stream().filter(e -> e.host().indexOf(':') >= 0).count();
        return sharing.size() == 2 && v4 == 1 && v6 == 1;
    }

    /** The listener brokers use among themselves, named directly or by its protocol. */
    static String interBrokerListener(AbstractConfig values) {
        String name = values.getString("inter.broker.listener.name");
        if (name == null) {
            return protocol(values.getString("security.inter.broker.protocol"), "security.inter.broker.protocol").name;
        }
        if (values.originals().containsKey("security.inter.broker.protocol")) {
            throw new ConfigurationException(
                    "Only one of inter.broker.listener.name and" + " security.inter.broker.protocol should be set.");
        }
        return upper(name);
    }

    static Optional<String> controlPlaneListener(AbstractConfig values, Map<String, SecurityProtocol> protocols) {
        Optional<String> name = Optional.ofNullable(values.getString("control.plane.listener.name"))
                .map(ListenerParser::upper);
        name.ifPresent(listener -> protocolOf(listener, "control.plane.listener.name", protocols));
        return name;
    }

    static SecurityProtocol protocolOf(String listener, String key, Map<String, SecurityProtocol> protocols) {
        SecurityProtocol protocol = protocols.get(listener);
        if (protocol == null) {
            throw new ConfigurationException("Listener with name " + listener + " defined in " + key
                    + " not found in listener.security.protocol.map.");
        }
        return protocol;
    }

    private static SecurityProtocol protocol(String name, String key) {
        try {
            return SecurityProtocol.forName(name);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("Invalid security protocol `" + name + "` defined in " + key, e);
        }
    }

    static List<String> items(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .filter(item -> !Utils.isBlank(item))
                .toList();
    }

    static String upper(String name) {
        return name.trim().toUpperCase(Locale.ROOT);
    }
}
