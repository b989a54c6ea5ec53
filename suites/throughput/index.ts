import type { Check } from '../../src/model/check.ts';
import { measuringTheMachine } from '../common/scheduling.ts';
import { answersBypassDirector } from './bulk.ts';
import { peakConnections, peakRequests } from './requests.ts';
import { bulkStreams } from './streams.ts';

export const throughput: Check[] = measuringTheMachine(
  answersBypassDirector,
  peakRequests,
  peakConnections,
  bulkStreams,
);
