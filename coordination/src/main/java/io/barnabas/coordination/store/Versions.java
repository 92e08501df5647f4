// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/** Versions of a stored entry, beside the numbers the store counts. */
public final class Versions {
    /** Any version will do; for the controller's epoch: no check. */
    public static final int ANY = -1;

    /** There is no entry: a conditional write with it creates. */
    public static final int ABSENT = -2;

    private Versions() {}
}
