import { directorySieges } from './doors/directory.ts';
import { besiege } from './support/siege.ts';

for (const siege of directorySieges) besiege(siege);
