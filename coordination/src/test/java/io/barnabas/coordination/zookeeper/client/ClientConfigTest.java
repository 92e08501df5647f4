// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.zookeeper.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The settings of ZooKeeper's client are what its own class would take over from system properties, but for TLS's. */
class ClientConfigTest {
    private Properties before;

    @BeforeEach
    void remember() {
        before = (Properties) System.getProperties().clone();
    }

    @AfterEach
    void restore() {
        System.setProperties(before);
    }

    @Test
    void withoutTlsTheyAreWhatZooKeepersOwnClassTakesOver() throws IllegalAccessException {
        Set<String> names = namesZooKeeperKnows();
        assertThat(names).contains(ZKConfig.JUTE_MAXBUFFER, ZKClientConfig.LOGIN_CONTEXT_NAME_KEY);
        names.forEach(name -> System.setProperty(name, "marked"));

        ZKClientConfig own = new ZKClientConfig();
        ZKClientConfig ours = ClientConfig.create();

        assertThat(ours.getClass()).isNotEqualTo(ZKClientConfig.class);
        assertThat(names).allSatisfy(name -> assertThat(ours.getProperty(name)).isEqualTo(own.getProperty(name)));
    }

    @Test
    void withTlsTheyAreZooKeepersOwnClass() {
        System.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        assertThat(ClientConfig.create().getClass()).isEqualTo(ZKClientConfig.class);
        assertThat(ClientConfig.create().getProperty(ZKClientConfig.SECURE_CLIENT))
                .isEqualTo("true");
    }

    @Test
    void longListsOfChildrenComeThroughUnlessSaidOtherwise() {
        System.clearProperty(ZKConfig.JUTE_MAXBUFFER);
        assertThat(ClientConfig.create().getProperty(ZKConfig.JUTE_MAXBUFFER)).isEqualTo("4194304");
        System.setProperty(ZKConfig.JUTE_MAXBUFFER, "100");
        assertThat(ClientConfig.create().getProperty(ZKConfig.JUTE_MAXBUFFER)).isEqualTo("100");
    }

    /** Every constant of its configuration classes, so that one which a later version takes over is compared too. */
    private static Set<String> namesZooKeeperKnows() throws IllegalAccessException {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : List.of(ZKConfig.class, ZKClientConfig.class)) {
            for (Field field : type.getFields()) {
                if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
                    names.add((String) field.get(null));
                }
            }
        }
        names.removeIf(String::isEmpty);
        return names;
    }
}
