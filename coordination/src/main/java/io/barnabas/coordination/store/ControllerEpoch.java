// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordination.store;

/**
 * A controller's term.
 *
 * @param epoch the number in {@code /controller_epoch}, in every order a controller gives
 * @param zkVersion the node's version in that term, which every write of the controller names
 */
public record ControllerEpoch(int epoch, int zkVersion) {}
