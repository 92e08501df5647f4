// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * A note left for the controller.
 *
 * @param name the node's name, by which it is removed
 * @param content what it says
 */
public record Notification<T>(String name, T content) {}
