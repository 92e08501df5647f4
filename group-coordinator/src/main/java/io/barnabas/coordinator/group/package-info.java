// SPDX-License-Identifier: Apache-2.0
/** Consumer groups as other packages see them: the coordinator, its requests and answers, its configuration. */
package io.barnabas.coordinator.group;
