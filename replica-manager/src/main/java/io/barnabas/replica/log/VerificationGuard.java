// SPDX-License-Identifier: Apache-2.0
package io.barnabas.replica.log;

/**
 * What a log hands out before it is asked, elsewhere, whether a partition takes part in a transaction (KIP-890), and
 * wants to see again with the transaction's first batch. A marker written meanwhile takes its worth, so an answer that
 * came too late cannot open a transaction nobody will end. Compared by identity.
 */
public final class VerificationGuard {
    /** Verification is turned off, or the records are in no transaction. */
    public static final VerificationGuard NOT_REQUIRED = new VerificationGuard("not required");

    /** Nothing was handed out, as the transaction is open already: enough only while it still is. */
    public static final VerificationGuard NONE = new VerificationGuard("none");

    private final String name;

    private VerificationGuard(String name) {
        this.name = name;
    }

    /** A guard unlike any other. */
    public static VerificationGuard create() {
        return new VerificationGuard("guard");
    }

    @Override
    public String toString() {
        return name;
    }
}
