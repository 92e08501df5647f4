// SPDX-License-Identifier: Apache-2.0
package io.barnabas.examples;

/** What a person did or met that ends an example, in one sentence. */
public final class ExampleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ExampleException(String message) {
        super(message);
    }

    /** Refuses what a person asked for, unless it is possible. */
    public static void unless(boolean possible, String otherwise) {
        if (!possible) {
            throw new ExampleException(otherwise);
        }
    }
}
