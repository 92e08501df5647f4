// SPDX-License-Identifier: Apache-2.0
/** The controller's commands to brokers: gathered per event, and sent in order to each broker until it answers. */
package io.barnabas.coordination.controller.order;
