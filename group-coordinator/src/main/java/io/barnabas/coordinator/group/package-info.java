// SPDX-License-Identifier: Apache-2.0
/** Consumer groups: the classic protocol, and committed offsets. */
package io.barnabas.coordinator.group;
