// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples.sales;

/** A store. Keyed by its code in its topic, which keeps the last word on each. */
public record Store(String name, String city) {
    /** Stands in for a store that is in the receipts but not in the table. */
    static final Store UNKNOWN = new Store("(unknown)", "(unknown)");
}
