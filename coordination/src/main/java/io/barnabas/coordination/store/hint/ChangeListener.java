// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store.hint;

import java.util.Set;

/** Hears hints; called one at a time on the store's callback executor, must not block. What comes meanwhile is coalesced. */
@FunctionalInterface
public interface ChangeListener {
    /** Something may have changed at these places. Called one at a time; must not block. */
    void onChange(Set<ChangeHint> hints);
}
