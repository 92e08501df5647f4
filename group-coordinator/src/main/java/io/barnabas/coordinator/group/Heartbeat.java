// SPDX-License-Identifier: Apache-2.0
package io.barnabas.coordinator.group;

/**
 * A sign of life.
 *
 * @param groupInstanceId of a static member, else null
 */
public record Heartbeat(String groupId, int generationId, String memberId, String groupInstanceId) {}
