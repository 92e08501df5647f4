// SPDX-License-Identifier: Apache-2.0
/**
 * What the controller decides: who leads, which ISR changes and reassignments are valid, where new replicas go, which
 * step of a deletion is next. Plain code that reads the picture of the cluster and changes nothing.
 */
package io.barnabas.coordination.controller.decide;
