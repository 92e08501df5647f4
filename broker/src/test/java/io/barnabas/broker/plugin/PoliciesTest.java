// SPDX-License-Identifier: Apache-2.0
package io.barnabas.broker.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.barnabas.broker.config.BarnabasConfig;
import io.barnabas.broker.config.BarnabasConfigTest;
import io.barnabas.broker.config.key.ConfigurationException;
import org.apache.kafka.common.replica.RackAwareReplicaSelector;
import org.apache.kafka.common.replica.ReplicaSelector;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final String KEY = "replica.selector.class";

    @Test
    void makesAPlugInWhoseKeyIsOfTypeString() {
        BarnabasConfig config = BarnabasConfigTest.configOf(KEY, RackAwareReplicaSelector.class.getName());

        assertThat(Policies.load(config, KEY, ReplicaSelector.class))
                .containsInstanceOf(RackAwareReplicaSelector.class);
    }

    @Test
    void makesNoneWhereNoneIsNamed() {
        assertThat(Policies.load(BarnabasConfigTest.configOf(), KEY, ReplicaSelector.class))
                .isEmpty();
    }

    @Test
    void refusesAClassThatIsNotThereOrNoSuchPlugIn() {
        for (String name : new String[] {"no.such.Selector", "java.lang.String"}) {
            assertThatThrownBy(() -> Policies.load(BarnabasConfigTest.configOf(KEY, name), KEY, ReplicaSelector.class))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(KEY)
                    .hasMessageContaining(name);
        }
    }
}
