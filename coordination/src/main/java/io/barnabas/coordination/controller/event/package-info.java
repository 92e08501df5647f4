// SPDX-License-Identifier: Apache-2.0
/** What the controller tells of its decisions: one record per kind, grouped by what it is about. */
package io.barnabas.coordination.controller.event;
